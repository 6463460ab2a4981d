#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Ten endpoints hold a conference with speech and layered video on a Jitsi Videobridge with the plugin, over a bad
# network, while people join, leave and die and Prosody restarts once. Build first: mvn -DskipTests package
#
#   argument    how many minutes, 60 by default
#   JVB_HOME    where the Jitsi Videobridge is, if not at /usr/share/jitsi-videobridge
set -eu
exec "$(dirname "$0")/lab.sh" -Xmx1g -Djdk.httpclient.keepalive.timeout=10 org.perc4j.it.soak.Soak "$@"
