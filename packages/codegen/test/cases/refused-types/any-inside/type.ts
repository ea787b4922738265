export interface Input { list: { deep: any[] }[] }
