/** Returns true for an HTTP status whose responses have no body, by HTTP's rules. */
export const isBodilessStatus = (status: number | undefined): boolean =>
  status === 204 || status === 304
