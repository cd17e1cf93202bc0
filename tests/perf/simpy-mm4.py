"""M/M/4 at utilisation 0.8 as a SimPy user would write it: the yardstick of the simulator bar.

Usage: /usr/bin/python3 simpy-mm4.py <jobs> <seed>; prints one JSON object.
"""
import json
import random
import sys
import time

import simpy

jobs = int(sys.argv[1])
draw = random.Random(int(sys.argv[2])).expovariate
waited = 0.0
done = 0


def job(env, servers):
    global waited, done
    arrived = env.now
    with servers.request() as turn:
        yield turn
        waited += env.now - arrived
        yield env.timeout(draw(1 / 0.004))
    done += 1


def arrivals(env, servers):
    for _ in range(jobs):
        yield env.timeout(draw(800))
        env.process(job(env, servers))


env = simpy.Environment()
env.process(arrivals(env, simpy.Resource(env, capacity=4)))
start = time.process_time()
env.run()
cpu = time.process_time() - start
json.dump({"version": simpy.__version__, "jobs": done, "cpu": cpu, "wait": waited / done}, sys.stdout)
