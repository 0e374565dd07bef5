/** Returns true for an HTTP status of success; false if there is no status. */
export const isSuccessStatus = (status = 0): boolean => status >= 200 && status < 300
