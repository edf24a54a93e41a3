package io.elanus.testkit.race;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * A class of the module under test with one place of its source changed, compiled in memory, and
 * the whole house loaded around it once more. A check that is loaded from here runs against the
 * error; where the place is not there any more, or twice, the test fails.
 */
public final class Mutant {
  private static final String HOUSE = "io.elanus.";

  /** Races that a check is given; a busy machine may need more than one to meet the error. */
  private static final int ATTEMPTS_MAX = 300;

  private final ClassLoader house;

  private Mutant(Map<String, byte[]> changed) {
    this.house = new House(changed);
  }

  /**
   * Changes a class of this module.
   *
   * @param right as it stands in the source, exactly once
   * @param wrong what stands there instead
   */
  public static Mutant of(Class<?> original, String right, String wrong) {
    Path file = source(original);
    String source;
    try {
      source = Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int at = source.indexOf(right);
    if (at < 0 || source.indexOf(right, at + 1) >= 0) {
      throw new IllegalStateException(
          "%s holds what the mutant changes %s: %s"
              .formatted(file, at < 0 ? "no more" : "twice", right));
    }
    String changed = source.substring(0, at) + wrong + source.substring(at + right.length());
    return new Mutant(compile(original, changed));
  }

  /**
   * Whether the check answers more than 0, which is the number of looks that went wrong, or ends
   * with an exception, in one of many attempts. First it has to pass over the house as it is,
   * loaded the same way.
   *
   * @param check a class with a constructor without parameters
   */
  public boolean isSeenBy(Class<? extends Callable<Long>> check) throws Exception {
    if (wrong(new House(Map.of()), check) != 0) {
      throw new IllegalStateException("the check fails without the error as well");
    }
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      try {
        if (wrong(house, check) > 0) {
          return true;
        }
      } catch (ReflectiveOperationException e) {
        throw e;
      } catch (Exception | AssertionError e) {
        return true;
      }
    }
    return false;
  }

  private static long wrong(ClassLoader loader, Class<?> check) throws Exception {
    Constructor<?> constructor = loader.loadClass(check.getName()).getDeclaredConstructor();
    constructor.setAccessible(true);
    return (Long) ((Callable<?>) constructor.newInstance()).call();
  }

  private static Path source(Class<?> original) {
    try {
      Path classes = Path.of(original.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path module = classes.resolve("../..").normalize();
      return module
          .resolve("src/main/java")
          .resolve(original.getName().replace('.', '/') + ".java");
    } catch (URISyntaxException e) {
      throw new IllegalStateException("classes lie in no folder", e);
    }
  }

  private static Map<String, byte[]> compile(Class<?> original, String source) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter told = new StringWriter();
    try (StandardJavaFileManager standard =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      Outputs outputs = new Outputs(standard);
      List<String> options =
          List.of(
              "-proc:none",
              "-nowarn",
              "-implicit:none",
              "--add-modules",
              "jdk.incubator.vector",
              "-cp",
              System.getProperty("java.class.path"));
      boolean compiles =
          compiler
              .getTask(
                  told,
                  outputs,
                  null,
                  options,
                  null,
                  List.of(new Source(original.getName(), source)))
              .call();
      if (!compiles) {
        throw new IllegalStateException("the mutant does not compile: " + told);
      }
      Map<String, byte[]> classes = new HashMap<>();
      outputs.made.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
      return classes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String name, String text) {
      super(URI.create("mutant:///" + name.replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class Outputs extends ForwardingJavaFileManager<StandardJavaFileManager> {
    final Map<String, ByteArrayOutputStream> made = new HashMap<>();

    Outputs(StandardJavaFileManager standard) {
      super(standard);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, @Nullable FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("mutant:///" + name), kind) {
        @Override
        public OutputStream openOutputStream() {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          made.put(name, bytes);
          return bytes;
        }
      };
    }
  }

  /** Loads everything of the house anew, so that what is package-private stays reachable. */
  private static final class House extends ClassLoader {
    private final Map<String, byte[]> changed;

    House(Map<String, byte[]> changed) {
      super(Mutant.class.getClassLoader());
      this.changed = changed;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(HOUSE)) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        return known != null ? known : define(name);
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      byte[] bytes = changed.get(name);
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (bytes == null && in == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] all = bytes == null ? in.readAllBytes() : bytes;
        return defineClass(name, all, 0, all.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
