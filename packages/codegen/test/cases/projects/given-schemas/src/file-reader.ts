export interface FileReader {
  read(path: string): string;
}
