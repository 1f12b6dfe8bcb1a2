package dev.argus.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/** What Argus writes into the log of a service where something of it is missing; a line of its own. */
record LogRemark(String sentence) {
    static LogRemark leftOut(long bytes) {
        return new LogRemark(bytes + " bytes are left out here: they came faster than logs are rotated");
    }

    static LogRemark lost(long bytes) {
        return new LogRemark("about " + bytes + " bytes that were written during the rotation are lost here");
    }

    static LogRemark noRoom(long bytes, IOException reason) {
        return new LogRemark(bytes + " bytes are dropped here: there was no room to keep them ("
                + String.valueOf(reason.getMessage()).lines().findFirst().orElse("") + ")");
    }

    void appendTo(FileChannel file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(("\n[argus: " + sentence + "]\n").getBytes(StandardCharsets.UTF_8));
        file.position(file.size());
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }
}
