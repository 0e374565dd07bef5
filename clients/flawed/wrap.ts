import type { ClientDefinition, ClientPorts, Performed, View } from '../../harness/core/client.ts'
import type { HttpRequest, HttpResponse } from '../../harness/core/ports/http.ts'
import reference from '../reference/index.ts'

/**
 * Makes a flawed client: the reference client with one faulty port. `title` names the flaw.
 *
 * @param replace makes the faulty ports from the real ones
 */
export function flawed(
  name: string,
  title: string,
  replace: (ports: ClientPorts) => Partial<ClientPorts>,
): ClientDefinition {
  return {
    ...reference,
    name: `flawed/${name}`,
    title,
    create: (ports, identity) => reference.create({ ...ports, ...replace(ports) }, identity),
  }
}

/**
 * Makes a flawed client: the reference client with a faulty screen.
 *
 * @param faulty makes the function that changes each view, for one incarnation
 */
export function flawedView(
  name: string,
  title: string,
  faulty: (ports: ClientPorts) => (view: View) => View,
): ClientDefinition {
  return {
    ...reference,
    name: `flawed/${name}`,
    title,
    create: (ports, identity) => {
      const client = reference.create(ports, identity)
      const change = faulty(ports)
      return {
        start: () => client.start(),
        perform: (action) => client.perform(action),
        view: async () => {
          const view = await client.view()
          return view && change(view)
        },
        stop: () => client.stop(),
      }
    },
  }
}

/**
 * Makes a flawed client: the reference client that reports wrongly on actions.
 *
 * @param faulty changes the report on one action
 */
export function flawedReport(
  name: string,
  title: string,
  faulty: (performed: Performed, ports: ClientPorts) => Performed,
): ClientDefinition {
  return {
    ...reference,
    name: `flawed/${name}`,
    title,
    create: (ports, identity) => {
      const client = reference.create(ports, identity)
      return {
        start: () => client.start(),
        perform: (action) => faulty(client.perform(action), ports),
        view: () => client.view(),
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
