"""The official Python SDK as a contender: makes the calls, prints seconds, processor seconds and the most memory in KiB."""

import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import huaweicloudsdkims.v2 as ims
from huaweicloudsdkcore.auth.credentials import BasicCredentials

endpoint, project, image, tags, calls, concurrency = sys.argv[1:]
credentials = BasicCredentials("BENCHACCESSKEY000000", "BenchSecretKey00000000000000000000000000", project)
client = ims.ImsClient.new_builder(ims.ImsClient).with_credentials(credentials).with_endpoint(endpoint).build()
request = ims.ListImageTagsRequest(image_id=image)


def worker(count):
    for _ in range(count):
        found = len(client.list_image_tags(request).tags)
        assert found == int(tags), f"{found} tags arrived"


worker(1)
started, cpu = time.perf_counter(), time.process_time()
with ThreadPoolExecutor(int(concurrency)) as pool:
    list(pool.map(worker, [int(calls) // int(concurrency)] * int(concurrency)))
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(time.perf_counter() - started, time.process_time() - cpu, memory, sep="\t")
