package io.elanus.app.serve;

import picocli.CommandLine.IVersionProvider;

/** This program's version. */
public final class Version implements IVersionProvider {
  public static final String NUMBER = "0.1.0";

  @Override
  public String[] getVersion() {
    return new String[] {"elanus " + NUMBER};
  }
}
