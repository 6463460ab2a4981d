/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.web;

import java.util.ArrayList;
import java.util.List;

/** Writes down what a splitter tells. */
final class SplitEvents implements ElementSplitter.Sink {
  private final List<String> events = new ArrayList<>();

  @Override
  public void opened(StartTag root) {
    events.add("opened " + root.name() + root.attributesWithoutNamespaces());
  }

  @Override
  public void element(String xml) {
    events.add(xml);
  }

  @Override
  public void closed() {
    events.add("closed");
  }

  List<String> seen() {
    return List.copyOf(events);
  }
}
