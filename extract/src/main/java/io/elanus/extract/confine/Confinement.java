package io.elanus.extract.confine;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Takes rights from this process, for ever: a seccomp filter over all its threads (as in Linux's
 * {@code seccomp(2)}, program in classic BPF), limits on the size of files, and the first place
 * among those that the system ends when memory is short.
 */
public final class Confinement {
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int SECCOMP_SET_MODE_FILTER = 1;
  private static final int SECCOMP_FILTER_FLAG_TSYNC = 1;
  private static final int RLIMIT_FSIZE = 1;
  private static final int RLIMIT_CORE = 4;
  private static final long FILE_BYTES_MAX = 512L << 20;

  private static final int ALLOW = 0x7fff0000;
  private static final int REFUSE = 0x00050000 | 1; // SECCOMP_RET_ERRNO | EPERM

  /** Numbers of the system's calls on one kind of machine. */
  private record Machine(int architecture, int seccomp, int signalThread, int[] refused) {
    /**
     * socket, socketpair, connect, bind, listen, accept, accept4, sendto, sendmsg; fork, vfork,
     * execve, execveat; kill, tkill, rt_sigqueueinfo, rt_tgsigqueueinfo, pidfd_send_signal,
     * pidfd_open; ptrace, process_vm_readv, process_vm_writev, io_uring_setup, prlimit64 of others
     * not among them.
     */
    static final Machine X86_64 =
        new Machine(
            0xc000003e,
            317,
            234,
            new int[] {
              41, 53, 42, 49, 50, 43, 288, 44, 46, 57, 58, 59, 322, 62, 200, 129, 297, 424, 434,
              101, 310, 311, 425
            });

    static final Machine AARCH64 =
        new Machine(
            0xc00000b7,
            277,
            131,
            new int[] {
              198, 199, 203, 200, 201, 202, 242, 206, 211, 221, 281, 129, 130, 138, 240, 424, 434,
              117, 270, 271, 425
            });
  }

  private Confinement() {}

  /** Whether the system now refuses what this process must not do. */
  public static boolean apply() {
    if (!System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux")) {
      return false;
    }
    try {
      Files.writeString(Path.of("/proc/self/oom_score_adj"), "1000");
    } catch (IOException e) {
      // It is then ended no sooner than others.
    }
    return switch (System.getProperty("os.arch", "")) {
      case "amd64", "x86_64" -> apply(Machine.X86_64);
      case "aarch64" -> apply(Machine.AARCH64);
      default -> false;
    };
  }

  private static boolean apply(Machine machine) {
    Linker linker = Linker.nativeLinker();
    try (Arena arena = Arena.ofConfined()) {
      MethodHandle limit =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("setrlimit"),
              FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
      MemorySegment pair = arena.allocate(JAVA_LONG, 2);
      int unused = (int) limit.invokeExact(RLIMIT_CORE, pair);
      pair.setAtIndex(JAVA_LONG, 0, FILE_BYTES_MAX);
      pair.setAtIndex(JAVA_LONG, 1, FILE_BYTES_MAX);
      unused = (int) limit.invokeExact(RLIMIT_FSIZE, pair);

      MethodHandle prctl =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("prctl"),
              FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
              Linker.Option.firstVariadicArg(1));
      if ((int) prctl.invokeExact(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) != 0) {
        return false;
      }
      MethodHandle syscall =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("syscall"),
              FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS),
              Linker.Option.firstVariadicArg(1));
      long done =
          (long)
              syscall.invokeExact(
                  (long) machine.seccomp(),
                  (long) SECCOMP_SET_MODE_FILTER,
                  (long) SECCOMP_FILTER_FLAG_TSYNC,
                  program(machine, arena));
      return done == 0;
    } catch (Throwable e) {
      // A libc without these calls; the parent tells its log.
      return false;
    }
  }

  private static final int LOAD = 0x20;
  private static final int JUMP_EQUAL = 0x15;
  private static final int JUMP_AT_LEAST = 0x35;
  private static final int RETURN = 0x06;

  /** One instruction; jumps are relative to the next one, or {@link #TO_REFUSE}. */
  private record Step(int code, int ifTrue, int ifFalse, int operand) {}

  private static final int TO_REFUSE = -1;

  private static MemorySegment program(Machine machine, Arena arena) {
    List<Step> steps = new ArrayList<>();
    steps.add(new Step(LOAD, 0, 0, 4));
    steps.add(new Step(JUMP_EQUAL, 0, TO_REFUSE, machine.architecture()));
    steps.add(new Step(LOAD, 0, 0, 0));
    // Numbers of the x32 interface, which would pass by the ones below.
    steps.add(new Step(JUMP_AT_LEAST, TO_REFUSE, 0, 0x40000000));
    for (int number : machine.refused()) {
      steps.add(new Step(JUMP_EQUAL, TO_REFUSE, 0, number));
    }
    // The JVM signals its own threads, and nobody signals others'.
    steps.add(new Step(JUMP_EQUAL, 0, 2, machine.signalThread()));
    steps.add(new Step(LOAD, 0, 0, 16));
    steps.add(new Step(JUMP_EQUAL, 0, TO_REFUSE, (int) ProcessHandle.current().pid()));
    steps.add(new Step(RETURN, 0, 0, ALLOW));
    steps.add(new Step(RETURN, 0, 0, REFUSE));

    StructLayout instruction =
        MemoryLayout.structLayout(
            JAVA_SHORT,
            MemoryLayout.sequenceLayout(2, java.lang.foreign.ValueLayout.JAVA_BYTE),
            JAVA_INT);
    MemorySegment code = arena.allocate(instruction.byteSize() * steps.size(), 8);
    int last = steps.size() - 1;
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      long at = i * instruction.byteSize();
      code.set(JAVA_SHORT, at, (short) step.code());
      code.set(java.lang.foreign.ValueLayout.JAVA_BYTE, at + 2, jump(step.ifTrue(), i, last));
      code.set(java.lang.foreign.ValueLayout.JAVA_BYTE, at + 3, jump(step.ifFalse(), i, last));
      code.set(JAVA_INT, at + 4, step.operand());
    }
    MemorySegment program = arena.allocate(16, 8);
    program.set(JAVA_SHORT, 0, (short) steps.size());
    program.set(ADDRESS, 8, code);
    return program;
  }

  private static byte jump(int target, int from, int last) {
    return (byte) (target == TO_REFUSE ? last - from - 1 : target);
  }
}
