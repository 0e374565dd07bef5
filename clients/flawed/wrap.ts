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
 * Makes a flawed client: a correct one with a faulty part. `title` names the flaw.
 *
 * @param makeFlaw makes the faulty parts from the real ports
 * @param base the correct client. Default: the reference client
 */
export function flawed(
  name: string,
  title: string,
  makeFlaw: (ports: ClientPorts) => Flaw,
  base: ClientDefinition = reference,
): ClientDefinition {
  return {
    ...base,
    name: `flawed/${name}`,
    title,
    create: (ports, identity) => {
      const { view: changed, performed, ...faulty } = makeFlaw(ports)
      const client = base.create({ ...ports, ...faulty }, identity)
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

/** Changes the body of a 200 response if it is JSON. Returns other responses unchanged. */
export function withBody<Body>(
  response: HttpResponse,
  change: (body: Body) => unknown,
): HttpResponse {
  const body = response.status === 200 ? parsedBody<Body>(response) : undefined
  return body === undefined ? response : { ...response, body: JSON.stringify(change(body)) }
}

/** Parses a body. Undefined if it is no JSON, as the page of a captive portal. */
export function parsedBody<Body>({ body }: HttpResponse): Body | undefined {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
