#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Three people hold a conference on a bridge that cannot listen. Build first: mvn -DskipTests package
#
#   JVB_HOME         where the Jitsi Videobridge is, if not at /usr/share/jitsi-videobridge
#   PERC4J_SECONDS   how long they talk, 10 by default
#   PERC4J_BRIDGE    jvb or embedded; by default jvb where one is installed
set -eu
exec "$(dirname "$0")/lab.sh" \
  -Dperc4j.seconds="${PERC4J_SECONDS:-10}" \
  -Dperc4j.bridge="${PERC4J_BRIDGE:-}" \
  org.perc4j.it.demo.ConferenceDemo
