/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook.debug;

import com.google.errorprone.annotations.Keep;
import java.util.List;
import java.util.Optional;
import net.bytebuddy.asm.Advice;
import org.jitsi.videobridge.Endpoint;
import org.perc4j.jvb.hook.Hook;
import org.perc4j.jvb.hook.HookModule;

/**
 * What the bridge's debug pages tell of the plugin. They are made with Jackson since 2026-06, and
 * were made with json-simple before.
 */
public final class DebugModule implements HookModule {
  @Override
  public Optional<String> lossWithout() {
    return Optional.of("the bridge's debug pages say nothing of perc4j");
  }

  @Override
  public List<Hook> hooks() {
    String arguments = "(Ljava/lang/String;Ljava/lang/String;Lorg/jitsi/nlj/DebugStateMode;)";
    return List.of(
        Hook.at(
                VIDEOBRIDGE + "Videobridge",
                "getDebugState",
                arguments + "Lcom/fasterxml/jackson/databind/node/ObjectNode;",
                Bridge.class)
            .or(arguments + "Lorg/jitsi/utils/OrderedJsonObject;"),
        Hook.at(
                VIDEOBRIDGE + "Endpoint",
                "debugState",
                "(Lorg/jitsi/nlj/DebugStateMode;)Lcom/fasterxml/jackson/databind/node/ObjectNode;",
                OfEndpoint.class)
            .or("(Lorg/jitsi/nlj/DebugStateMode;)Lorg/json/simple/JSONObject;"));
  }

  /** Adds the plugin's state to the debug page. */
  static final class Bridge {
    private Bridge() {}

    @Keep
    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(@Advice.Return Object page) {
      DebugHooks.describeBridge(page);
    }
  }

  /** Adds an endpoint's state to its debug page. */
  static final class OfEndpoint {
    private OfEndpoint() {}

    @Keep
    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(@Advice.This Endpoint endpoint, @Advice.Return Object page) {
      DebugHooks.describeEndpoint(endpoint, page);
    }
  }
}
