import { HttpError } from '../../../harness/core/ports/http.ts'
import { flawed } from '../wrap.ts'

/** Crashes on a refused connection, so it also crashes at each start while offline. */
export default flawed('brittle', 'crashes when the connection is refused', ({ http, clock }) => ({
  http: {
    request: (request, abort) =>
      http.request(request, abort).catch((error) => {
        if (error instanceof HttpError && error.failure === 'refused') {
          clock.after(0, () => {
            throw new TypeError("Cannot read properties of undefined (reading 'status')")
          })
        }
        throw error
      }),
  },
}))
