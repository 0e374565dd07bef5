import { flawed } from '../wrap.ts'

/** Sends requests without a deadline: on a connection that died silently it waits for ever. */
export default flawed('no-deadline', 'waits for a response as long as it takes', ({ http }) => ({
  http: { request: ({ deadline: _, ...request }, abort) => http.request(request, abort) },
}))
