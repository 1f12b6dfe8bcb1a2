package dev.argus.traffic.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/** What sockets are made of: epoll where its library is there, else what Java has everywhere. */
final class Sockets {
    private static final boolean EPOLL = Epoll.isAvailable();
    /** Of the kernel, {@code TCP_ESTABLISHED}. */
    private static final int ESTABLISHED = 1;

    private static final int LOOK_AFTER_SECONDS = 60;
    private static final int LOOK_AGAIN_SECONDS = 15;
    private static final int LOOKS = 4;

    static IoHandlerFactory events() {
        return EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    }

    static Class<? extends ServerChannel> listening() {
        return EPOLL ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    static Class<? extends Channel> connected() {
        return EPOLL ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    /** Has the kernel look whether a silent client is still there, as behind an event stream that has nothing to tell. */
    static void lookAfter(Channel client) {
        if (EPOLL) {
            client.config().setOption(EpollChannelOption.TCP_KEEPIDLE, LOOK_AFTER_SECONDS);
            client.config().setOption(EpollChannelOption.TCP_KEEPINTVL, LOOK_AGAIN_SECONDS);
            client.config().setOption(EpollChannelOption.TCP_KEEPCNT, LOOKS);
        }
    }

    /** Whether the kernel has not yet heard that the other side has closed, which it hears before this program does. */
    static boolean isEstablished(Channel channel, EpollTcpInfo info) {
        if (!channel.isActive()) {
            return false;
        }
        if (!(channel instanceof EpollSocketChannel socket)) {
            return true;
        }
        try {
            return socket.tcpInfo(info).state() == ESTABLISHED;
        } catch (ChannelException gone) {
            return false;
        }
    }

    private Sockets() {}
}
