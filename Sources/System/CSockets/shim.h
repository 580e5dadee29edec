#pragma once
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

// accept4(2), which <sys/socket.h> declares for GNU's dialect only.
extern int accept4(int socket, struct sockaddr *address, socklen_t *size, int flags);
