import { flawed } from '../wrap.ts'

/** Waits for a response as long as the connection lives, like fetch without a signal. */
export default flawed('no-deadline', 'gives its requests no deadline', ({ http }) => ({
  http: { request: ({ deadline: _, ...request }, abort) => http.request(request, abort) },
}))
