/** Folder of src/ → the folders of src/ that it may import. */
export const mayImport: Readonly<Record<string, readonly string[]>>;
