/** What step 4 uses of `node:stream`: here a list of pieces needs no wrapping. */
export const Readable = {
  from: (pieces: Iterable<string>): Iterable<string> => pieces,
};

interface Sink {
  write(piece: string): void;
  end(): void;
}

/** What step 4 uses of `node:stream/promises`: writes all pieces, then ends. */
export async function pipeline(pieces: Iterable<string>, sink: Sink): Promise<void> {
  for (const piece of pieces) sink.write(piece);
  sink.end();
}
