package io.elanus.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/**
 * The arrows inside the engine: write → segment ← read → filter → segment → range; write and read
 * never meet; the shard sees both, the database sees the shard.
 */
class ArrowsTest {
  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.elanus.engine");

  @Test
  void writeAndReadNeverMeet() {
    refuse("write", "read", "filter", "database");
    refuse("read", "write", "database");
  }

  @Test
  void segmentsKnowNeitherSide() {
    refuse("segment", "write", "read", "filter", "database");
    refuse("filter", "write", "read", "database");
    refuse("range", "segment", "write", "read", "filter", "database");
  }

  @Test
  void nothingOfTheEngineKnowsAWireOrAClock() {
    noClasses()
        .that()
        .resideInAPackage("io.elanus.engine..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.grpc..", "com.google.protobuf..", "com.linecorp..")
        .check(classes);
    noClasses()
        .that()
        .resideInAPackage("io.elanus.engine..")
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(java.util.UUID.class, "randomUUID")
        .orShould()
        .callConstructor(java.util.Random.class)
        .orShould()
        .callConstructor(Thread.class, Runnable.class)
        .check(classes);
  }

  private void refuse(String from, String... to) {
    String[] packages = new String[to.length];
    for (int i = 0; i < to.length; i++) {
      packages[i] = "io.elanus.engine." + to[i] + "..";
    }
    noClasses()
        .that()
        .resideInAPackage("io.elanus.engine." + from + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages)
        .check(classes);
  }
}
