import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'

/** The major version of the embedded one. */
const image = 'postgres:18.4'
const port = 5432

/** Whether it is worth asking: loading the library takes a second, which most runs without Docker are spared. */
const mayAnswer = (): boolean => process.env['DOCKER_HOST'] !== undefined || existsSync('/var/run/docker.sock')

/** A server in a container; undefined where no Docker answers. */
export const postgresInDocker = async (): Promise<
  { readonly url: string; readonly stop: () => Promise<unknown> } | undefined
> => {
  if (!mayAnswer()) return undefined
  const { GenericContainer, getContainerRuntimeClient, Wait } = await import('testcontainers')
  const client = await getContainerRuntimeClient().catch(() => undefined)
  if (client === undefined) return undefined
  const password = randomBytes(12).toString('hex')
  const container = await new GenericContainer(image)
    .withExposedPorts(port)
    .withEnvironment({ POSTGRES_PASSWORD: password })
    .withCommand(['postgres', '-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off'])
    // it is started twice: once to be made, once to serve
    .withWaitStrategy(Wait.forLogMessage('database system is ready to accept connections', 2))
    .start()
  const place = `${container.getHost()}:${container.getMappedPort(port)}`
  return { url: `postgres://postgres:${password}@${place}/postgres`, stop: () => container.stop() }
}
