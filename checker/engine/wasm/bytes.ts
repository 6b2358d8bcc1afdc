const UTF8 = new TextEncoder();

/** A growing list of bytes, with the variable-length integers of WebAssembly (LEB128). */
export class Bytes {
  private buffer: Uint8Array;
  length = 0;

  constructor(capacity = 64) {
    this.buffer = new Uint8Array(capacity);
  }

  /** What was written so far; a view that is valid until the next write. */
  get written(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  byte(value: number): void {
    if (this.length === this.buffer.length) this.reserve(1);
    this.buffer[this.length++] = value;
  }

  append(bytes: ArrayLike<number>): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  unsigned(value: number): void {
    let rest = value >>> 0;
    for (; 0x7f < rest; rest >>>= 7) this.byte((rest & 0x7f) | 0x80);
    this.byte(rest);
  }

  signed(value: number): void {
    let rest = value | 0;
    for (; rest < -64 || 63 < rest; rest >>= 7) this.byte((rest & 0x7f) | 0x80);
    this.byte(rest & 0x7f);
  }

  /** A signed number of 64 bits, given as halves: no big integers where there are thousands of masks. */
  signed64(low: number, high: number): void {
    let rest = low | 0;
    let above = high | 0;
    while (above !== rest >> 31 || rest < -64 || 63 < rest) {
      this.byte((rest & 0x7f) | 0x80);
      rest = (rest >>> 7) | (above << 25);
      above >>= 7;
    }
    this.byte(rest & 0x7f);
  }

  /** UTF-8 with its length in front. */
  name(text: string): void {
    this.sized(UTF8.encode(text));
  }

  /** Bytes with their number in front. */
  sized(bytes: Uint8Array): void {
    this.unsigned(bytes.length);
    this.append(bytes);
  }

  private reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(needed, this.buffer.length * 2));
    grown.set(this.written);
    this.buffer = grown;
  }
}
