/** Returns a scenario time as a column of equal width: `  12.345 s`. */
export const timeColumn = (t: number): string => `${(t / 1000).toFixed(3).padStart(8)} s`
