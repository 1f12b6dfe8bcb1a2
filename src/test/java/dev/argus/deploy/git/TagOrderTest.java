package dev.argus.deploy.git;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TagOrderTest {
    private static final List<String> ORDERED = List.of(
            "release-2026.11.23",
            "v99999999999999999999.1",
            "v2.0.0",
            "v2.0.0-rc.10",
            "v2.0.0-rc.9",
            "v2.0.0-beta2",
            "v1.10.0",
            "v1.10",
            "v1.9.1",
            "1.2.3",
            "v1.2.3",
            "v01.2.1",
            "v1",
            "latest",
            "nightly");

    @Test
    void whatLooksNewestComesFirst() {
        var shuffled = new ArrayList<>(ORDERED);
        // the year is larger than any version, but for one
        Collections.swap(shuffled, 0, 1);
        List<String> expected = List.copyOf(shuffled);
        Collections.shuffle(shuffled, new Random(4711));

        shuffled.sort(TagOrder.NEWEST_FIRST);

        assertThat(shuffled).isEqualTo(expected);
    }

    @Test
    void itIsAnOrderWhateverTheTagsAre() {
        var random = new Random(815);
        String signs = "v0019.-_raéZ~\u202e";
        for (int round = 0; round < 500; round++) {
            List<String> tags = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                var tag = new StringBuilder();
                for (int length = random.nextInt(9); length > 0; length--) {
                    tag.append(signs.charAt(random.nextInt(signs.length())));
                }
                tags.add(tag.toString());
            }
            tags.sort(TagOrder.NEWEST_FIRST);
            List<String> once = List.copyOf(tags);
            Collections.shuffle(tags, random);
            tags.sort(TagOrder.NEWEST_FIRST);
            assertThat(tags).isEqualTo(once);
        }
    }
}
