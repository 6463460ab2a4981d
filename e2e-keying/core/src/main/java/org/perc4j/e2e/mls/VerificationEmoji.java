/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.util.List;

/**
 * The emoji of {@link VerificationCode}: things that look different and are called differently,
 * each one code point that is shown in colour without a selector behind it. The order is part of
 * the protocol.
 */
final class VerificationEmoji {
  static final List<String> SYMBOLS_AND_WORDS =
      List.of(
          "🐶 dog",
          "🐱 cat",
          "🐴 horse",
          "🐷 pig",
          "🐘 elephant",
          "🐰 rabbit",
          "🐼 panda",
          "🐵 monkey",
          "🐧 penguin",
          "🐢 turtle",
          "🐟 fish",
          "🐙 octopus",
          "🦋 butterfly",
          "🐌 snail",
          "🐝 bee",
          "🐍 snake",
          "🌻 flower",
          "🌲 tree",
          "🌵 cactus",
          "🍄 mushroom",
          "🍀 clover",
          "🌙 moon",
          "🌞 sun",
          "⭐ star",
          "🌈 rainbow",
          "🔥 fire",
          "⛄ snowman",
          "🍌 banana",
          "🍎 apple",
          "🍓 strawberry",
          "🌽 corn",
          "🍕 pizza",
          "🎂 cake",
          "☕ coffee",
          "🧀 cheese",
          "🍞 bread",
          "🤖 robot",
          "👻 ghost",
          "👑 crown",
          "👓 glasses",
          "👟 shoe",
          "☔ umbrella",
          "🎈 balloon",
          "🎁 gift",
          "⏰ clock",
          "💡 lamp",
          "📖 book",
          "📝 note",
          "📎 paperclip",
          "🔒 lock",
          "🔑 key",
          "🔨 hammer",
          "📞 telephone",
          "📷 camera",
          "🎺 trumpet",
          "🎸 guitar",
          "🔔 bell",
          "⚓ anchor",
          "🚀 rocket",
          "🛫 aeroplane",
          "🚲 bicycle",
          "🚂 train",
          "🚜 tractor",
          "⚽ football");

  private VerificationEmoji() {}

  static String symbol(int index) {
    String entry = SYMBOLS_AND_WORDS.get(index);
    return entry.substring(0, entry.indexOf(' '));
  }

  static String word(int index) {
    String entry = SYMBOLS_AND_WORDS.get(index);
    return entry.substring(entry.indexOf(' ') + 1);
  }
}
