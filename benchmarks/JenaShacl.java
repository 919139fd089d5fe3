import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.apache.jena.graph.Graph;
import org.apache.jena.riot.RDFDataMgr;
import org.apache.jena.shacl.ShaclValidator;
import org.apache.jena.shacl.Shapes;

/**
 * Validates a graph with Apache Jena: arguments are the graph, the shapes and how often.
 * Prints a line for each round: CPU seconds of the process in it, and the number of results.
 */
public final class JenaShacl {
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    public static void main(String[] arguments) {
        Graph data = RDFDataMgr.loadGraph(arguments[0]);
        Shapes shapes = Shapes.parse(RDFDataMgr.loadGraph(arguments[1]));
        for (int round = 0; round < Integer.parseInt(arguments[2]); round++) {
            long start = PROCESS.getProcessCpuTime();
            int results = ShaclValidator.get().validate(shapes, data).getEntries().size();
            System.out.println((PROCESS.getProcessCpuTime() - start) / 1e9 + " " + results);
        }
    }
}
