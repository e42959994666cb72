/** Computes digests of streamed content, without keeping the content. */
import { createHash, type Hash } from 'node:crypto';

/** Digests of a file, hexadecimal. */
export interface Digests {
  readonly md5: string;
  readonly sha1: string;
  readonly sha256: string;
}

/** What is known of content that has been read. */
export interface SeenContent extends Digests {
  /** Bytes. */
  readonly size: number;
  /** The markers that it contains. */
  readonly markers: readonly string[];
}

/** Returns the SHA-256 of a text, hexadecimal. */
export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Reads content piece by piece. */
export class ContentReader {
  readonly #md5: Hash = createHash('md5');
  readonly #sha1: Hash = createHash('sha1');
  readonly #sha256: Hash = createHash('sha256');
  readonly #markers: readonly string[];
  readonly #found = new Set<string>();
  readonly #overlap: number;
  #size = 0;
  #end: Buffer = Buffer.alloc(0);

  /** @param markers - ASCII texts to look for */
  constructor(markers: readonly string[]) {
    this.#markers = markers;
    this.#overlap = Math.max(0, ...markers.map((marker) => marker.length - 1));
  }

  add(piece: Buffer): void {
    for (const hash of [this.#md5, this.#sha1, this.#sha256]) hash.update(piece);
    this.#size += piece.length;
    // A marker may span two pieces.
    const seam = Buffer.concat([this.#end, piece.subarray(0, this.#overlap)]);
    for (const marker of this.#markers) {
      if (seam.includes(marker) || piece.includes(marker)) this.#found.add(marker);
    }
    const tail = piece.length < this.#overlap ? Buffer.concat([this.#end, piece]) : piece;
    this.#end = Buffer.from(tail.subarray(Math.max(0, tail.length - this.#overlap)));
  }

  end(): SeenContent {
    return {
      md5: this.#md5.digest('hex'),
      sha1: this.#sha1.digest('hex'),
      sha256: this.#sha256.digest('hex'),
      size: this.#size,
      markers: this.#markers.filter((marker) => this.#found.has(marker)),
    };
  }
}
