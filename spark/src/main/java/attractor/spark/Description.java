package attractor.spark;

import attractor.io.AtomicFiles;
import attractor.io.Json;
import attractor.study.Study;
import attractor.study.StudyFolder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/**
 * What a study consists of, in a folder of a Hadoop file system: {@code study.json} and the list of its runs, as in the study's
 * ordinary folder. They are copied to a local folder, where {@link StudyFolder} reads and writes them. Belongs to one thread.
 */
final class Description implements AutoCloseable {
    private static final String STUDY = "study.json";

    private final Path out;
    private final FileSystem files;
    private final Configuration hadoop;
    private final java.nio.file.Path local;

    Description(Path out, Configuration hadoop) throws IOException {
        this.out = out;
        this.hadoop = hadoop;
        files = out.getFileSystem(hadoop);
        local = Files.createTempDirectory("attractor-spark");
    }

    /** Reads the study that is there. */
    StudyFolder open() throws IOException {
        if (!download()) {
            throw new IOException(out + " has no " + STUDY + ", expected the folder of a study on Spark");
        }
        return naming(() -> {
            StudyFolder folder = StudyFolder.open(local);
            folder.entries();
            return folder;
        });
    }

    /** Writes the description of a study; one that is there may grow, or be changed if this is asked for. */
    StudyFolder create(Study study, boolean change) throws IOException {
        boolean there = download();
        if (!there && files.exists(out)) {
            for (FileStatus file : files.listStatus(out)) {
                String name = file.getPath().getName();
                if (!name.startsWith(".") && !isList(name)) {
                    throw new IOException(out + " has " + name + " but no " + STUDY
                            + ", expected a study on Spark, or a new or empty folder");
                }
            }
        }
        StudyFolder folder = naming(() -> StudyFolder.create(local, study, change));
        for (String list : lists()) {
            upload(list); // before the study that names it
        }
        upload(STUDY);
        files.mkdirs(new Path(out, SparkStudy.RUNS));
        return folder;
    }

    /** Copies the description to a folder of this machine, as the beginning of a study there. */
    void copyTo(java.nio.file.Path directory) throws IOException {
        AtomicFiles.createFolders(directory);
        List<String> names = new ArrayList<>(lists());
        names.add(STUDY); // the list is there before the study that names it
        for (String name : names) {
            AtomicFiles.write(directory.resolve(name), to -> Files.copy(local.resolve(name), to));
        }
    }

    /** Whether a folder of this machine holds exactly this study. */
    boolean isSame(java.nio.file.Path directory) throws IOException {
        return Files.mismatch(local.resolve(STUDY), directory.resolve(STUDY)) < 0;
    }

    String text() throws IOException {
        return read(STUDY);
    }

    private String read(String name) throws IOException {
        return Files.readString(local.resolve(name));
    }

    private Set<String> lists() throws IOException {
        Set<String> names = new TreeSet<>();
        try (var all = Files.list(local)) {
            all.map(file -> file.getFileName().toString())
                    .filter(Description::isList)
                    .forEach(names::add);
        }
        return names;
    }

    private static boolean isList(String name) {
        return name.matches("runs-[0-9a-f]{16}\\.jsonl");
    }

    /** Whether a file there has the same content as here. */
    private boolean isSame(String name) throws IOException {
        Path file = new Path(out, name);
        if (!files.exists(file) || files.getFileStatus(file).getLen() != Files.size(local.resolve(name))) {
            return false;
        }
        try (InputStream there = files.open(file);
                InputStream here = Files.newInputStream(local.resolve(name))) {
            byte[] mine;
            do {
                mine = here.readNBytes(1 << 16);
                if (!Arrays.equals(mine, there.readNBytes(1 << 16))) {
                    return false;
                }
            } while (mine.length > 0);
            return true;
        } catch (ChecksumException damaged) {
            return false;
        }
    }

    private boolean download() throws IOException {
        Path study = new Path(out, STUDY);
        if (!files.exists(study)) {
            return false;
        }
        copy(STUDY);
        String list = naming(() -> {
            var json = Json.read(local.resolve(STUDY));
            return json.has("list") ? json.getString("list") : "";
        });
        if (isList(list) && files.exists(new Path(out, list))) {
            copy(list);
        }
        return true;
    }

    private void copy(String name) throws IOException {
        try (InputStream in = files.open(new Path(out, name))) {
            Files.copy(in, local.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Writes a file unless it is there already; it appears whole, or not at all. */
    private void upload(String name) throws IOException {
        if (isSame(name)) {
            return;
        }
        Path made = new Path(out, "." + name + "." + UUID.randomUUID());
        try (OutputStream to = files.create(made)) {
            Files.copy(local.resolve(name), to);
        }
        for (int attempt = 1; ; attempt++) {
            try {
                FileContext.getFileContext(out.toUri(), hadoop)
                        .rename(made, new Path(out, name), Options.Rename.OVERWRITE);
                return;
            } catch (FileAlreadyExistsException | FileNotFoundException e) {
                // Some file systems remove and rename in two steps, between which another driver did the same.
                if (isSame(name)) {
                    files.delete(made, false);
                    return;
                }
                if (attempt == 5) {
                    throw e;
                }
            }
        }
    }

    /** What the local folder is asked; its errors name the folder that the user knows. */
    <T> T naming(Question<T> question) throws IOException {
        try {
            return question.ask();
        } catch (IOException e) {
            String message = e.getMessage() == null ? e.toString() : e.getMessage();
            throw new IOException(message.replace(local.toString(), out.toString()), e);
        }
    }

    /** What is asked. */
    @FunctionalInterface
    interface Question<T> {
        T ask() throws IOException;
    }

    @Override
    public void close() throws IOException {
        AtomicFiles.deleteTree(local);
    }
}
