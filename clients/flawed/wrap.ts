import type { Action } from '../../harness/core/action.ts'
import type { ClientDefinition, ClientPorts, Performed, View } from '../../harness/core/client.ts'
import type { HttpRequest, HttpResponse } from '../../harness/core/ports/http.ts'
import reference from '../reference/index.ts'

/** The faulty parts of a client, for one incarnation: ports, the screen, reports on actions. */
interface Flaw extends Partial<ClientPorts> {
  /** Changes each view. */
  readonly view?: (view: View) => View
  /** Changes the reports on an action that was just performed. */
  readonly performed?: (performed: Performed, action: Action) => Performed
}

/**
 * Makes a flawed client: the reference client with a faulty part. `title` names the flaw.
 *
 * @param makeFlaw makes the faulty parts from the real ports
 */
export function flawed(
  name: string,
  title: string,
  makeFlaw: (ports: ClientPorts) => Flaw,
): ClientDefinition {
  return {
    ...reference,
    name: `flawed/${name}`,
    title,
    create: (ports, identity) => {
      const { view: changed, performed, ...faulty } = makeFlaw(ports)
      const client = reference.create({ ...ports, ...faulty }, identity)
      return {
        start: () => client.start(),
        perform: (action) => {
          const reports = client.perform(action)
          return performed?.(reports, action) ?? reports
        },
        view: changed
          ? async () => {
              const view = await client.view()
              return view && changed(view)
            }
          : () => client.view(),
        stop: () => client.stop(),
      }
    },
  }
}

export interface PushBody {
  readonly items: readonly {
    readonly key: string
    readonly rev: number
    readonly [field: string]: unknown
  }[]
}

/** Returns the items of a push; undefined for other requests. */
export function pushItems(request: HttpRequest): PushBody['items'] | undefined {
  return request.path === '/push' && request.body !== undefined
    ? (JSON.parse(request.body) as PushBody).items
    : undefined
}

/** Changes the JSON body of a 200 response. Returns other responses unchanged. */
export function withBody<Body>(
  response: HttpResponse,
  change: (body: Body) => unknown,
): HttpResponse {
  return response.status === 200
    ? { ...response, body: JSON.stringify(change(JSON.parse(response.body))) }
    : response
}
