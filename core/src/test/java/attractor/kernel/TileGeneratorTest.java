package attractor.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TileGeneratorTest {
    @Test
    void whatIsCheckedInIsWhatTheGeneratorWrites() throws IOException {
        for (Map.Entry<String, String> file : TileGenerator.files().entrySet()) {
            String there =
                    Files.readString(Path.of("src/main/java", file.getKey())).replace("\r\n", "\n");
            assertEquals(file.getValue(), there, file.getKey() + ": edit TileGenerator, and run it as it says");
        }
    }
}
