/* Stands in for the NVIDIA driver's library: as much of it as storyreel asks, and devices as the environment has them.
 *
 * FAKE_NVML_DEVICES  name|uuid|major|minor|total|free|mig, separated by `;`; a total of 0 is a device that is lost
 * FAKE_NVML_INIT     what nvmlInit_v2 returns, in place of 0
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SUCCESS = 0, INVALID_ARGUMENT = 2, GPU_IS_LOST = 15, MOST = 16 };

typedef struct {
  char name[96], uuid[96];
  int major, minor;
  unsigned long long total, free;
  unsigned mig;
} Device;

typedef struct {
  unsigned version;
  unsigned long long total, reserved, free, used;
} Memory;

static Device devices[MOST];
static unsigned count;

int nvmlInit_v2(void) {
  const char *code = getenv("FAKE_NVML_INIT"), *list = getenv("FAKE_NVML_DEVICES");
  if (code) return atoi(code);
  count = 0;
  while (list && *list && count < MOST) {
    Device *one = &devices[count];
    if (sscanf(list, "%95[^|]|%95[^|]|%d|%d|%llu|%llu|%u", one->name, one->uuid, &one->major, &one->minor, &one->total,
               &one->free, &one->mig) != 7) {
      fprintf(stderr, "FAKE_NVML_DEVICES is not understood from here: %s\n", list);
      abort();
    }
    count++;
    list = strchr(list, ';');
    if (list) list++;
  }
  return SUCCESS;
}

int nvmlShutdown(void) { return SUCCESS; }

int nvmlSystemGetDriverVersion(char *text, unsigned length) {
  snprintf(text, length, "550.54.15");
  return SUCCESS;
}

int nvmlDeviceGetCount_v2(unsigned *answer) {
  *answer = count;
  return SUCCESS;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned index, Device **answer) {
  if (index >= count) return INVALID_ARGUMENT;
  *answer = &devices[index];
  return SUCCESS;
}

int nvmlDeviceGetName(const Device *device, char *text, unsigned length) {
  snprintf(text, length, "%s", device->name);
  return SUCCESS;
}

int nvmlDeviceGetUUID(const Device *device, char *text, unsigned length) {
  snprintf(text, length, "%s", device->uuid);
  return SUCCESS;
}

int nvmlDeviceGetCudaComputeCapability(const Device *device, int *major, int *minor) {
  *major = device->major;
  *minor = device->minor;
  return SUCCESS;
}

int nvmlDeviceGetMemoryInfo_v2(const Device *device, Memory *memory) {
  if (!device->total) return GPU_IS_LOST;
  memory->total = device->total;
  memory->reserved = 0;
  memory->free = device->free;
  memory->used = device->total - device->free;
  return SUCCESS;
}

int nvmlDeviceGetMigMode(const Device *device, unsigned *current, unsigned *pending) {
  *current = *pending = device->mig;
  return SUCCESS;
}
