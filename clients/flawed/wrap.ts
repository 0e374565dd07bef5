import type { ClientDefinition, ClientPorts } from '../../harness/core/client.ts'
import type { HttpRequest, HttpResponse } from '../../harness/core/ports/http.ts'
import reference from '../reference/index.ts'

/** The reference client with one flaw: its ports are not what it thinks, or what it shows is not what it has. The reason for a flaw is in its title. */
export function flawed(
  name: string,
  title: string,
  ports: (given: ClientPorts) => Partial<ClientPorts>,
): ClientDefinition {
  return {
    ...reference,
    name: `flawed/${name}`,
    title,
    create: (given, identity) => reference.create({ ...given, ...ports(given) }, identity),
  }
}

export interface PushBody {
  readonly items: readonly {
    readonly key: string
    readonly rev: number
    readonly [field: string]: unknown
  }[]
}

/** The items of a push, or undefined when the request is none. */
export function pushed(request: HttpRequest): PushBody['items'] | undefined {
  return request.path === '/push' && request.body !== undefined
    ? (JSON.parse(request.body) as PushBody).items
    : undefined
}

/** The same response with another JSON body; one that is no JSON stays as it is. */
export function withBody<Body>(
  response: HttpResponse,
  change: (body: Body) => unknown,
): HttpResponse {
  return response.status === 200
    ? { ...response, body: JSON.stringify(change(JSON.parse(response.body))) }
    : response
}
