/**
 * Seeded random numbers, the same on every machine. sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state,
 * passes BigCrush, four additions a draw. One generator per purpose (`fork`), so that drawing more noise does not
 * move the cameras.
 */
export interface Rng {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform in [min, max). */
  range(min: number, max: number): number;
  /** Uniform integer in [0, n). */
  int(n: number): number;
  /** Standard normal. */
  normal(): number;
  /** An independent generator, named so that the order of forks does not matter. */
  fork(name: string): Rng;
}

export function createRng(seed: number | string): Rng {
  let [a, b, c, d] = hashSeed(String(seed));
  const next = (): number => {
    const t = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) next();

  // 53 bits from two draws, so that a float64 test sees no lattice.
  const uniform = (): number => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992;
  let spare: number | undefined;
  return {
    uniform,
    range: (min, max) => min + (max - min) * uniform(),
    int: (n) => Math.floor(uniform() * n),
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      // Box–Muller; 1 - u keeps the logarithm finite.
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
      const angle = 2 * Math.PI * uniform();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
    fork: (name) => createRng(`${seed}/${name}`),
  };
}

/** Four 32-bit words from a string: FNV-1a with four different offsets. */
function hashSeed(text: string): [number, number, number, number] {
  const words = [0x811c9dc5, 0x01000193, 0x9e3779b9, 0x85ebca6b];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    for (let i = 0; i < 4; i++) words[i] = Math.imul(words[i]! ^ (code + i), 0x01000193);
  }
  return words as [number, number, number, number];
}
