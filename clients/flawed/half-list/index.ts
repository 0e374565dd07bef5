import plain from '../../plain/index.ts'
import { flawed, parsedBody } from '../wrap.ts'

interface List {
  readonly epoch?: unknown
}

/** Repairs a list that was cut, as lenient parsers do, and takes what is left for the whole list. */
export default flawed(
  'half-list',
  'takes the half of a list that arrived for the whole list',
  ({ http }) => {
    let epoch: unknown
    return {
      http: {
        request: async (request, abort) => {
          const response = await http.request(request, abort)
          if (request.method !== 'GET' || response.status !== 200) return response
          const list =
            parsedBody<List>(response) ??
            parsedBody<List>({ ...response, body: repaired(response.body) })
          if (!list) return response
          epoch = list.epoch ?? epoch
          return { ...response, body: JSON.stringify({ epoch, ...list }) }
        },
      },
    }
  },
  plain,
)

/** Ends the list after its last complete message. */
const repaired = (body: string) => `${body.slice(0, body.lastIndexOf('}') + 1)}]}`
