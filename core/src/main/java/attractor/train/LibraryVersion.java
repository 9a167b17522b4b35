package attractor.train;

/** The version of this library, from the manifest of the jar that it came in or from the module's descriptor. Stateless, safe for any thread. */
public final class LibraryVersion {
    private LibraryVersion() {}

    /** Such as {@code 0.1.0}; {@code development} where the classes don't come from a jar. */
    public static String get() {
        Module module = LibraryVersion.class.getModule();
        String version = module.isNamed()
                ? module.getDescriptor().rawVersion().orElse(null)
                : LibraryVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
