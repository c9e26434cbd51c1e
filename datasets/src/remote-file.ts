/** A file that is published gzip-compressed, under `<mirror><name>.gz`. */
export interface RemoteFile {
  /** Its name, without `.gz`. */
  readonly name: string;
  /** Bytes, uncompressed. */
  readonly size: number;
  /** SHA-256 of the uncompressed bytes, in hexadecimal. */
  readonly sha256: string;
}
