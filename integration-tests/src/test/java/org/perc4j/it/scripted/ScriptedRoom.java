/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scripted;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.perc4j.endpoint.signalling.AnnouncedSources;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.bridge.RequestEdit;
import org.perc4j.it.bridge.Room;

/** A conference of scripted endpoints. Used by one thread. */
public final class ScriptedRoom implements Closeable {
  private final Room room;
  private final AnnouncedSources roster = new AnnouncedSources();
  private final FixedKeys keys = new FixedKeys();
  private final List<ScriptedEndpoint> endpoints = new ArrayList<>();

  /** Opens a room with the harness's signalling. */
  public ScriptedRoom(JvbProcess jvb, String name) {
    this(jvb, name, RequestEdit.NONE);
  }

  /** Opens a room with other signalling. */
  public ScriptedRoom(JvbProcess jvb, String name, RequestEdit edit) {
    this(jvb.createRoom(name, edit));
  }

  /** Takes over a room that was made already. */
  public ScriptedRoom(Room room) {
    this.room = room;
  }

  /** Lets an endpoint in, which is sent all that there is. */
  public ScriptedEndpoint join(Script script) throws IOException, InterruptedException {
    ScriptedEndpoint endpoint = ScriptedEndpoint.join(room, roster, keys, script);
    endpoints.add(endpoint);
    room.setConstraints(script.id(), ReceiverConstraints.EVERYTHING);
    return endpoint;
  }

  /** Returns the room, as signalling sees it. */
  public Room room() {
    return room;
  }

  @Override
  public void close() throws IOException {
    for (ScriptedEndpoint endpoint : endpoints) {
      endpoint.close();
    }
    room.close();
  }
}
