/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.browser.compiler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perc4j.browser.Checked;
import org.teavm.model.BasicBlock;
import org.teavm.model.ClassHolder;
import org.teavm.model.ClassHolderTransformer;
import org.teavm.model.ClassHolderTransformerContext;
import org.teavm.model.Instruction;
import org.teavm.model.MethodHolder;
import org.teavm.model.MethodReference;
import org.teavm.model.Program;
import org.teavm.model.Variable;
import org.teavm.model.instructions.BinaryInstruction;
import org.teavm.model.instructions.ConstructArrayInstruction;
import org.teavm.model.instructions.ConstructMultiArrayInstruction;
import org.teavm.model.instructions.IntegerConstantInstruction;
import org.teavm.model.instructions.InvocationType;
import org.teavm.model.instructions.InvokeInstruction;
import org.teavm.model.instructions.LongConstantInstruction;
import org.teavm.model.instructions.NullCheckInstruction;
import org.teavm.model.instructions.NumericOperandType;

/**
 * Puts {@link Checked} in place of what WebAssembly traps at and TeaVM's strict mode does not look
 * at: divisions of integers, lengths of new arrays, and what is copied by {@code System.arraycopy}.
 * In all classes, those of TeaVM's class library among them.
 */
public final class CheckedOperations implements ClassHolderTransformer {
  @Override
  public void transformClass(ClassHolder type, ClassHolderTransformerContext context) {
    if (type.getName().equals(Checked.class.getName())) {
      return;
    }
    for (MethodHolder method : type.getMethods()) {
      Program program = method.getProgram();
      if (program != null) {
        new Body(program).check();
      }
    }
  }

  private static final class Body {
    private final Program program;

    /** By variable; each has one definition. */
    private final Map<Integer, Long> constants = new HashMap<>();

    Body(Program program) {
      this.program = program;
    }

    void check() {
      for (int i = 0; i < program.basicBlockCount(); i++) {
        for (Instruction instruction : program.basicBlockAt(i)) {
          if (instruction instanceof IntegerConstantInstruction constant) {
            constants.put(constant.getReceiver().getIndex(), (long) constant.getConstant());
          } else if (instruction instanceof LongConstantInstruction constant) {
            constants.put(constant.getReceiver().getIndex(), constant.getConstant());
          }
        }
      }
      for (int i = 0; i < program.basicBlockCount(); i++) {
        check(program.basicBlockAt(i));
      }
    }

    private void check(BasicBlock block) {
      Instruction next;
      for (Instruction each = block.getFirstInstruction(); each != null; each = next) {
        next = each.getNext();
        if (each instanceof BinaryInstruction binary) {
          check(binary);
        } else if (each instanceof ConstructArrayInstruction array) {
          array.setSize(length(array, array.getSize()));
        } else if (each instanceof ConstructMultiArrayInstruction array) {
          array.getDimensions().replaceAll(size -> length(array, size));
        } else if (each instanceof InvokeInstruction invocation) {
          check(invocation);
        }
      }
    }

    private Variable length(Instruction before, Variable size) {
      Long constant = constants.get(size.getIndex());
      return constant != null && constant >= 0 ? size : inserted(before, "length", int.class, size);
    }

    private void check(BinaryInstruction binary) {
      String name =
          switch (binary.getOperation()) {
            case DIVIDE -> "divide";
            case MODULO -> "remainder";
            default -> null;
          };
      Class<?> type = type(binary.getOperandType());
      Long divisor = constants.get(binary.getSecondOperand().getIndex());
      if (name == null || type == null || (divisor != null && divisor != 0 && divisor != -1)) {
        return;
      }
      InvokeInstruction call =
          call(
              name, type, List.of(binary.getFirstOperand(), binary.getSecondOperand()), type, type);
      call.setReceiver(binary.getReceiver());
      call.setLocation(binary.getLocation());
      binary.replace(call);
    }

    private static @Nullable Class<?> type(NumericOperandType type) {
      return switch (type) {
        case INT -> int.class;
        case LONG -> long.class;
        default -> null;
      };
    }

    private void check(InvokeInstruction invocation) {
      MethodReference method = invocation.getMethod();
      if (method.getClassName().equals(System.class.getName())
          && method.getName().equals("arraycopy")) {
        checkCopy(invocation);
      } else if (isUnsignedDivision(method)) {
        Class<?> type =
            method.getClassName().equals(Integer.class.getName()) ? int.class : long.class;
        List<Variable> arguments = new ArrayList<>(invocation.getArguments());
        arguments.set(1, inserted(invocation, "notZero", type, arguments.get(1)));
        invocation.setArguments(arguments.toArray(new Variable[0]));
      }
    }

    private void checkCopy(InvokeInstruction invocation) {
      List<Variable> arguments = new ArrayList<>(invocation.getArguments());
      arguments.set(0, notNull(invocation, arguments.get(0)));
      arguments.set(2, notNull(invocation, arguments.get(2)));
      arguments.set(
          4,
          inserted(
              invocation,
              "copied",
              int.class,
              arguments.get(1),
              arguments.get(3),
              arguments.get(4)));
      invocation.setArguments(arguments.toArray(new Variable[0]));
    }

    private static boolean isUnsignedDivision(MethodReference method) {
      return (method.getClassName().equals(Integer.class.getName())
              || method.getClassName().equals(Long.class.getName()))
          && (method.getName().equals("divideUnsigned")
              || method.getName().equals("remainderUnsigned"));
    }

    private Variable notNull(Instruction before, Variable value) {
      NullCheckInstruction check = new NullCheckInstruction();
      check.setValue(value);
      check.setReceiver(program.createVariable());
      check.setLocation(before.getLocation());
      before.insertPrevious(check);
      return check.getReceiver();
    }

    /** Calls one of {@link Checked} that takes values of one type and returns one. */
    private Variable inserted(
        Instruction before, String name, Class<?> type, Variable... arguments) {
      Class<?>[] parameters = new Class<?>[arguments.length];
      Arrays.fill(parameters, type);
      InvokeInstruction call = call(name, type, List.of(arguments), parameters);
      call.setReceiver(program.createVariable());
      call.setLocation(before.getLocation());
      before.insertPrevious(call);
      return call.getReceiver();
    }

    private static InvokeInstruction call(
        String name, Class<?> result, List<Variable> arguments, Class<?>... parameters) {
      Class<?>[] signature = Arrays.copyOf(parameters, parameters.length + 1);
      signature[parameters.length] = result;
      InvokeInstruction call = new InvokeInstruction();
      call.setType(InvocationType.SPECIAL);
      call.setMethod(new MethodReference(Checked.class, name, signature));
      call.setArguments(arguments.toArray(new Variable[0]));
      return call;
    }
  }
}
