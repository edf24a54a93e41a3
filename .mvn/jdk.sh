# Finds a JDK 25 or newer and sets JAVA_HOME; sourced by ./elanus and ./mvnw. POSIX sh.
# Looked at, in this order: ELANUS_JAVA_HOME, JAVA_HOME, the java on the PATH, the usual folders.

elanus_jdk_major() {
  # The release file names the version without starting a JVM.
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

elanus_jdk_accept() {
  elanus_major=$(elanus_jdk_major "$1") || return 1
  [ -n "$elanus_major" ] && [ "$elanus_major" -ge 25 ] || return 1
  JAVA_HOME=$1
  export JAVA_HOME
}

elanus_find_jdk() {
  for elanus_candidate in "${ELANUS_JAVA_HOME-}" "${JAVA_HOME-}"; do
    [ -n "$elanus_candidate" ] && elanus_jdk_accept "$elanus_candidate" && return 0
  done
  if elanus_java=$(command -v java 2>/dev/null); then
    elanus_java=$(readlink -f "$elanus_java" 2>/dev/null || printf %s "$elanus_java")
    elanus_jdk_accept "${elanus_java%/bin/java}" && return 0
  fi
  case $- in *f*) elanus_noglob=-f ;; *) elanus_noglob=+f ;; esac
  set +f
  for elanus_candidate in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /opt/*jdk* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.local/share/mise/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    if [ -d "$elanus_candidate" ] && elanus_jdk_accept "$elanus_candidate"; then
      set "$elanus_noglob"
      return 0
    fi
  done
  set "$elanus_noglob"
  echo "Elanus needs a JDK 25 or newer, and none was found here." >&2
  echo "Install one (Debian or Ubuntu: apt install temurin-25-jdk or openjdk-25-jdk; macOS: brew install openjdk;" >&2
  echo "any system: https://adoptium.net) or point ELANUS_JAVA_HOME at one." >&2
  return 1
}
