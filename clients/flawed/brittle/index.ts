import { HttpError } from '../../../harness/core/ports/http.ts'
import { flawed } from '../wrap.ts'

/** Does not handle a refused connection: the exception crashes the app, at each start offline. */
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
