package dev.argus.traffic.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BodyTest {
    /** What goes on of the text, handed in by pieces; what is left of the last piece stands behind a bar. */
    private static String passed(Body body, String text, Random cuts) {
        var out = new StringBuilder();
        ByteBuf in = Unpooled.buffer();
        int at = 0;
        while (at < text.length() && !body.hasEnded() && !body.isBad()) {
            int to = Math.min(text.length(), at + 1 + cuts.nextInt(9));
            in.writeBytes(text.substring(at, to).getBytes(StandardCharsets.ISO_8859_1));
            at = to;
            for (ByteBuf part = body.take(in); part != null; part = body.take(in)) {
                out.append(part.toString(StandardCharsets.ISO_8859_1));
                part.release();
            }
        }
        return out + "|" + in.toString(StandardCharsets.ISO_8859_1) + text.substring(at);
    }

    @Test
    void aBodyEndsAtTheSamePlaceHoweverItIsCut() {
        for (int seed = 0; seed < 2_000; seed++) {
            var random = new Random(seed);
            var chunks = new StringBuilder();
            for (int i = random.nextInt(4); i > 0; i--) {
                String data = "0\r\n\r\nx".repeat(1 + random.nextInt(4)).substring(random.nextInt(5));
                chunks.append(Integer.toHexString(data.length()))
                        .append("\r\n")
                        .append(data)
                        .append("\r\n");
            }
            String trailers = random.nextBoolean() ? "" : "A: b\r\nC: d\r\n";
            var body = new Body();
            body.chunked(false);
            assertThat(passed(body, chunks + "0\r\n" + trailers + "\r\nNEXT", random))
                    .as("seed %s", seed)
                    .isEqualTo(chunks + "0\r\n\r\n|NEXT");
            assertThat(body.hasEnded()).isTrue();

            body.length(chunks.length());
            assertThat(passed(body, chunks + "NEXT", random)).isEqualTo(chunks + "|" + "NEXT");
        }
    }

    @Test
    void extensionsGoOnWhereTheyAreAllowed() {
        var body = new Body();
        body.chunked(true);
        assertThat(passed(body, "2;a=b\r\nhi\r\n0 ; c\r\n\r\n", new Random(1)))
                .isEqualTo("2;a=b\r\nhi\r\n0 ; c\r\n\r\n|");
        assertThat(body.hasEnded()).isTrue();
        body.chunked(false);
        passed(body, "2;a=b\r\nhi\r\n0\r\n\r\n", new Random(1));
        assertThat(body.isBad()).isTrue();
        body.chunked(true);
        passed(body, "2;" + "a".repeat(2_000) + "\r\n", new Random(1));
        assertThat(body.isBad()).isTrue();
        body.chunked(true);
        passed(body, "0\r\nX: " + "a".repeat(10_000) + "\r\n\r\n", new Random(1));
        assertThat(body.isBad()).isTrue();
    }

    @Test
    void aHeadEndsAtTheSamePlaceHoweverItIsCut() {
        byte[] text = "GET / HTTP/1.1\r\nA: b\r\n\r\nbody\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
        int end = "GET / HTTP/1.1\r\nA: b\r\n\r\n".length();
        for (int seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            var scanner = new HeadScanner();
            int at = 0;
            int found = HeadScanner.MORE;
            while (found == HeadScanner.MORE) {
                at = Math.min(text.length, at + 1 + random.nextInt(9));
                found = scanner.scan(text, at);
            }
            assertThat(found).isEqualTo(end);
        }
    }
}
