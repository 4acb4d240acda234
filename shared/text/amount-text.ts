/** `1 row`, `2 entries`, `1,234 addresses`: an amount and its noun in the same number. */
export function countText(amount: number | bigint, noun: string): string {
  const plural = /(s|x|ch|sh)$/.test(noun) ? `${noun}es` : /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${amount.toLocaleString('en')} ${amount === 1 || amount === 1n ? noun : plural}`;
}

/** `900 B`, `88 KB`, `3.1 MB`, `256 MB`: two figures at least and seldom more than three; a kilobyte has 1,024 bytes. */
export const bytesText = (bytes: number): string =>
  bytes < 10_240 ? `${bytes} B` : bytes < 1_048_576 ? `${Math.round(bytes / 1024)} KB` : `${bytes < 10_485_760 ? (bytes / 1_048_576).toFixed(1) : Math.round(bytes / 1_048_576)} MB`;

/** `950`, `1.2k`, `34k`, `1.1M`: four characters at most, rounded down. */
export function shortCount(count: number): string {
  for (const [unit, size] of [['G', 1e9], ['M', 1e6], ['k', 1e3]] as const) {
    if (count < size) continue;
    const value = count / size;
    return `${value < 10 ? (Math.floor(value * 10) / 10).toString() : Math.floor(value)}${unit}`;
  }
  return String(count);
}

/** Two digits after the point at most, and never 0 for what is something. */
export const percentText = (percent: number): string => (percent > 0 && percent < 0.01 ? '<0.01 %' : `${Number(percent.toFixed(2))} %`);
