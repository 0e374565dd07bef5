import type { ClientDefinition } from '../core/client.ts'
import type { Http } from '../core/ports/http.ts'

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
    const response = await http.request(pull, abort)
    // The client reads Retry-After in it as if its push had got this response.
    return response.status === 200 ? http.request(request, abort) : response
  },
})
