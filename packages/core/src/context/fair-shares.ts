/** Shares of `total` for the wished sizes: nobody gets more than wished, and what is left is shared evenly by the others. */
export function fairShares(wishes: readonly number[], total: number): number[] {
  const shares = new Array<number>(wishes.length).fill(0);
  const order = wishes.map((_, index) => index).sort((a, b) => wishes[a]! - wishes[b]!);
  let left = Math.max(0, total);
  order.forEach((index, position) => {
    const share = Math.min(wishes[index]!, Math.floor(left / (order.length - position)));
    shares[index] = share;
    left -= share;
  });
  return shares;
}
