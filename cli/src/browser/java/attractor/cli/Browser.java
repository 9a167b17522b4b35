package attractor.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * A Chromium without a window, with a profile of its own that is deleted at the end. Where it is, the properties
 * {@code attractor.chromium} and {@code attractor.chromedriver} may say.
 */
final class Browser implements AutoCloseable {
    private final Path profile;
    final ChromeDriver driver;

    /** @param more flags */
    Browser(String... more) throws IOException {
        profile = Files.createTempDirectory("attractor-browser");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(find("attractor.chromium", "chromium", "chromium-browser", "google-chrome"));
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile,
                "--window-size=1400,1000");
        options.addArguments(more);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(Path.of(find("attractor.chromedriver", "chromedriver"))
                                .toFile())
                        .withSilent(true)
                        .build(),
                options);
        driver.manage().timeouts().scriptTimeout(Duration.ofMinutes(2)).pageLoadTimeout(Duration.ofMinutes(2));
    }

    /** WebGL in software, as on a machine without a graphics processor. */
    static Browser withWebGl() throws IOException {
        return new Browser("--use-angle=swiftshader", "--enable-unsafe-swiftshader");
    }

    /** Without WebGL. */
    static Browser withPlanes() throws IOException {
        return new Browser("--disable-gpu", "--disable-3d-apis");
    }

    private static String find(String property, String... names) {
        if (System.getProperty(property) != null) {
            return System.getProperty(property);
        }
        return Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                .flatMap(folder -> Stream.of(names).map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + String.join(", ", names)
                        + " on the PATH, which -Pbrowser demands; -D" + property + "=FILE says where it is"))
                .toString();
    }

    /** Opens a page from a file, and waits until it is shown. */
    void open(Path page) {
        driver.get(page.toAbsolutePath().toUri().toString());
        until("return window.attractor !== undefined");
    }

    /** Runs a script; {@code arguments} are those given. */
    Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** Runs a script that may await promises. */
    Object await(String script, Object... arguments) {
        Object result = driver.executeAsyncScript(
                "const done = arguments[arguments.length - 1];"
                        + "(async function () {" + script
                        + "})(...arguments).then(done, e => done({failed: String(e && e.stack || e)}));",
                arguments);
        if (result instanceof Map<?, ?> map && map.containsKey("failed")) {
            throw new AssertionError(map.get("failed"));
        }
        return result;
    }

    /** Waits until a script returns true. */
    void until(String script) {
        await("""
                const end = performance.now() + 100000;
                const test = new Function(arguments[0]);
                while (test() !== true) {
                  if (performance.now() > end) throw new Error("never true: " + arguments[0]);
                  await new Promise((again) => setTimeout(again, 30));
                }
                return true;
                """, script);
    }

    /** The width and height of the page as a device has it. */
    void size(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    }

    /** A metric of the page's process. */
    double metric(String name) {
        return ((List<?>) driver.executeCdpCommand("Performance.getMetrics", Map.of())
                        .get("metrics"))
                .stream()
                        .map(m -> (Map<?, ?>) m)
                        .filter(m -> m.get("name").equals(name))
                        .mapToDouble(m -> ((Number) m.get("value")).doubleValue())
                        .findFirst()
                        .orElseThrow();
    }

    byte[] picture() {
        return driver.getScreenshotAs(OutputType.BYTES);
    }

    /** What the console has had since the last call, warnings and errors. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                // Chromium's own remarks on drawing in software, which reading pixels back causes.
                .filter(message -> !message.contains("GPU stall due to ReadPixels")
                        && !message.contains("Automatic fallback to software WebGL"))
                .toList();
    }

    @Override
    public void close() throws IOException {
        driver.quit();
        List<Path> files;
        try (Stream<Path> walk = Files.walk(profile)) {
            files = walk.sorted(java.util.Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
