/** What is wrong with a file that cannot be opened, by the code of the system. */
const words: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EACCES: 'you lack the permission',
  EPERM: 'you lack the permission',
  EISDIR: 'it is a folder, not a file',
  EEXIST: 'a file of this name is there',
  ELOOP: 'it is a link to itself',
  ENAMETOOLONG: 'its name is too long',
  EROFS: 'its disk is read-only',
  ENOSPC: 'the disk is full',
  EIO: 'its disk fails',
  ERR_FS_FILE_TOO_LARGE: 'it is too large',
};

/** To follow "NAME cannot be read:". */
export function describeFileError(error: unknown): string {
  if (!(error instanceof Error)) return 'nobody knows why';
  const code = 'code' in error ? String(error.code) : error.message;
  return words[code] ?? `the system reports ${code}`;
}
