import { HttpError } from '../../../harness/core/ports/http.ts'
import { flawed } from '../wrap.ts'

/** Nobody thought of a refused connection: the exception ends the app, and does so at every start in the tunnel. */
export default flawed(
  'brittle',
  'falls over when the connection is refused',
  ({ http, clock }) => ({
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
  }),
)
