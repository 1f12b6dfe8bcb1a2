/** How many of the first of `fresh` are the last of `known` already: the most that fit. Pure. */
export function overlap(known, fresh) {
  for (let length = Math.min(known.length, fresh.length); length > 0; length--) {
    const from = known.length - length;
    if (fresh.slice(0, length).every((line, index) => line === known[from + index])) {
      return length;
    }
  }
  return 0;
}
