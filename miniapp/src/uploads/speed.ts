const WINDOW = 6000; // milliseconds

/** Measures how fast bytes go, over the last few seconds, so that a stall shows. */
export class SpeedMeter {
  #samples: { at: number; sent: number }[] = [];

  /** `now` in milliseconds, `sent` bytes in all. A step back (a part sent again) starts the window over. */
  add(now: number, sent: number): void {
    const last = this.#samples.at(-1);
    if (last && sent < last.sent) this.#samples = [];
    this.#samples.push({ at: now, sent });
    while (this.#samples.length > 2 && now - (this.#samples[0]?.at ?? now) > WINDOW) this.#samples.shift();
  }

  /** Bytes a second; 0 until there are two moments to compare. */
  get speed(): number {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (!first || !last || last.at === first.at) return 0;
    return ((last.sent - first.sent) * 1000) / (last.at - first.at);
  }
}
