/** What the lines are about. */
export interface Shown {
  /** What was signed, with no apostrophe in it. */
  readonly text: string;
  /** 128 hex digits. */
  readonly signature: string;
  /** 64 hex digits. */
  readonly address: string;
}

/** Returns the lines of a shell that check a signature with OpenSSL 3, and with nothing of ours. */
export function shellLines({ text, signature, address }: Shown): string {
  return `TEXT='${text}'
SIGNATURE='${signature}'
ADDRESS='${address}'

${CHECK}`;
}

const CHECK = `bytes() { openssl asn1parse -noout -genstr "FORMAT:HEX,OCT:$1" -out bytes && tail -c "$2" bytes; }
bytes "302a300506032b6570032100$ADDRESS" 44 > key
bytes "$SIGNATURE" 64 > signature
printf '%s' "$TEXT" > text
openssl pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in text -sigfile signature
`;
