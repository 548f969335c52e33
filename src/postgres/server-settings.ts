import { statfsSync } from 'node:fs'
import { totalmem } from 'node:os'

const MiB = 2 ** 20

/** What the machine, or the container we are in, has of memory. Bytes. */
const availableMemory = (): number => {
  const limit = process.constrainedMemory?.() ?? 0
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem()
}

/** Containers get 64 MB of /dev/shm unless told otherwise, where a parallel hash join fails as "disk full". */
const hasRoomForSharedMemory = (): boolean => {
  if (process.platform !== 'linux') return true
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    return bavail * bsize >= 256 * MiB
  } catch {
    return false
  }
}

/**
 * The settings of the embedded server, passed on the command line at every start, so that a new version of ours
 * changes old clusters too. Tuned for bulk loading beside small durable appends.
 */
export const serverSettings = (): Readonly<Record<string, string>> => {
  const memory = availableMemory() / MiB
  return {
    // Loopback only; no Unix socket, whose path may be 107 bytes long at most.
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '50',
    // An acknowledged event is on the disk.
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    // Nobody replicates the embedded server, and with `minimal` a COPY into a table made in the same transaction (a
    // rebuild of projections) writes no WAL at all.
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_logical_replication_workers: '0',
    // A checkpoint in the middle of an import writes every page twice: let 4 GB or 15 minutes go by.
    max_wal_size: '4GB',
    checkpoint_timeout: '15min',
    checkpoint_completion_target: '0.9',
    wal_buffers: '16MB',
    // The packaged server is built without lz4, and pglz costs more time than it saves.
    wal_compression: 'off',
    // An eighth of a small machine, 256 MB of any other: the file cache does the rest.
    shared_buffers: `${Math.max(16, Math.min(256, Math.floor(memory / 8)))}MB`,
    effective_cache_size: `${Math.max(64, Math.floor(memory / 2))}MB`,
    maintenance_work_mem: `${Math.max(16, Math.min(256, Math.floor(memory / 16)))}MB`,
    work_mem: `${Math.max(4, Math.min(32, Math.floor(memory / 128)))}MB`,
    dynamic_shared_memory_type: hasRoomForSharedMemory() ? 'posix' : 'mmap',
    // Compiling our short statements costs more than running them.
    jit: 'off',
    // Solid-state disks are the rule: a random page is no four times dearer than the next one.
    random_page_cost: '1.1',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    logging_collector: 'off',
  }
}

export const settingArguments = (settings: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
