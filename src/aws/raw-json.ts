import type { JsonObject } from '../domain/task-definition.js'

/**
 * The SDK drops members that its model does not know, on read and on write; a task definition that is read
 * and registered again would lose every field newer than the SDK. These two hooks give the answer as it
 * came over the wire, and send a body as it is. Signing, endpoints and errors stay the SDK's.
 */
interface Stack {
  add(middleware: unknown, options: Record<string, unknown>): void
}
interface Wire {
  request?: { body?: unknown }
  response?: { body?: unknown; statusCode?: number }
}
type Next = (args: Wire) => Promise<Wire>

/** Gives a function that returns the raw JSON of the command's answer, once it has been sent. */
export function captureAnswer(stack: Stack): () => JsonObject {
  let raw: JsonObject = {}
  stack.add(
    (next: Next) => async (args: Wire) => {
      const result = await next(args)
      const response = result.response
      if (response?.body !== undefined && response.body !== null) {
        const bytes = await collect(response.body)
        if ((response.statusCode ?? 0) < 300) raw = JSON.parse(new TextDecoder().decode(bytes)) as JsonObject
        response.body = bytes
      }
      return result
    },
    // Nearest to the wire, so that the SDK's own reader comes after.
    { name: 'captureAnswer', step: 'deserialize', priority: 'low' }
  )
  return () => raw
}

/** Sends this JSON instead of what the SDK's model makes of the input. */
export function sendBody(stack: Stack, body: JsonObject): void {
  stack.add(
    (next: Next) => (args: Wire) => {
      if (args.request) args.request.body = JSON.stringify(body)
      return next(args)
    },
    // After the serializer, before the content length is counted and the request is signed.
    { name: 'sendBody', step: 'build', priority: 'high' }
  )
}

async function collect(body: unknown): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body
  if (typeof body === 'string') return new TextEncoder().encode(body)
  const chunks: Uint8Array[] = []
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk)
  return Buffer.concat(chunks)
}
