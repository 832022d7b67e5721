// The File System Access API as Chromium has it (https://wicg.github.io/file-system-access/); not in lib.dom yet.
interface FileSystemHandle {
  queryPermission(wish: { mode: 'read' }): Promise<PermissionState>;
  requestPermission(wish: { mode: 'read' }): Promise<PermissionState>;
}

interface Window {
  showOpenFilePicker?: (options: { multiple: boolean }) => Promise<FileSystemFileHandle[]>;
}

interface DataTransferItem {
  getAsFileSystemHandle?: () => Promise<FileSystemHandle | null>;
}
