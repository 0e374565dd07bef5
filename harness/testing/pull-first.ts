import type { ClientDefinition } from '../core/client.ts'
import { type Http, HttpError } from '../core/ports/http.ts'

/**
 * Returns a client that does what `definition` does, and pulls before each push, as WatermelonDB
 * does: while the pull fails, nothing is pushed. It does so correctly: what it then pushes is what
 * it would have pushed anyway. So it cannot take back a write for which it is pulling.
 *
 * @param path the path and query of the pull
 */
export function pullFirst(definition: ClientDefinition, path: string): ClientDefinition {
  return {
    ...definition,
    name: `${definition.name}, pull first`,
    capabilities: { ...definition.capabilities, cancel: false },
    create: (ports, identity) =>
      definition.create({ ...ports, http: pullingHttp(ports.http, path) }, identity),
  }
}

const pullingHttp = (http: Http, path: string): Http => ({
  request: async (request, abort) => {
    if (request.method === 'GET') return http.request(request, abort)
    const { headers = {}, deadline } = request
    const pull = {
      method: 'GET',
      path,
      headers,
      ...(deadline !== undefined && { deadline }),
    } as const
    const { status } = await http.request(pull, abort)
    if (status !== 200) throw new HttpError('aborted', `the pull before it got ${status}`)
    return http.request(request, abort)
  },
})
