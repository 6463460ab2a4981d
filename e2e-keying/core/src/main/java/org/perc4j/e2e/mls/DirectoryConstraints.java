/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;

/**
 * Which distinguished names issuers may give (RFC 5280 section 4.2.1.10): those that begin as a
 * subtree does. Bouncy Castle's own check takes a subtree anywhere in a name. Not thread-safe.
 */
final class DirectoryConstraints {
  /** Of each of these lists, one has to match. */
  private final List<List<X500Name>> permitted = new ArrayList<>();

  private final List<X500Name> excluded = new ArrayList<>();

  /** From now on, only names within these subtrees, if any of them is about such names. */
  void permit(GeneralSubtree[] subtrees) {
    List<X500Name> names = names(subtrees);
    if (!names.isEmpty()) {
      permitted.add(names);
    }
  }

  /** From now on, no names within these subtrees. */
  void exclude(GeneralSubtree[] subtrees) {
    excluded.addAll(names(subtrees));
  }

  private static List<X500Name> names(GeneralSubtree[] subtrees) {
    return Arrays.stream(subtrees)
        .map(GeneralSubtree::getBase)
        .filter(base -> base.getTagNo() == GeneralName.directoryName)
        .map(base -> X500Name.getInstance(base.getName()))
        .toList();
  }

  /** Whether a name may be given; one that is empty always. */
  boolean allows(X500Name name) {
    return name.size() == 0
        || (permitted.stream()
                .allMatch(any -> any.stream().anyMatch(subtree -> isWithin(name, subtree)))
            && excluded.stream().noneMatch(subtree -> isWithin(name, subtree)));
  }

  private static boolean isWithin(X500Name name, X500Name subtree) {
    RDN[] parts = name.getRDNs();
    return subtree.size() <= parts.length
        && new X500Name(Arrays.copyOf(parts, subtree.size())).equals(subtree);
  }
}
